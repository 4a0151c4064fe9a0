"""TOML -> a case. Numbers written with a point stay as they are, so that 18.0 can be told from 18."""

import re
import tomllib

from infoshare.casefile.written import DIGIT_LIMIT, Read, case_of, fault, nests_too_deep, too_deep

# A dotted key nests as brackets do.
_TOML_NESTING = re.compile(
    r'"""(?:[^\\]|\\.)*?(?:"""|\Z)'
    r"|'''.*?(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\.)*+(?:"|\\?(?=\n|\Z))'
    r"|'[^'\n]*+(?:'|(?=\n|\Z))"
    r"|\#[^\n]*+"
    r"|(?P<open>[\[{])|(?P<close>[\]}])|(?P<dot>\.)|(?P<end>[=,\n]++)",
    re.DOTALL,
)


def read_toml(text: str) -> Read:
    """The case that a TOML text holds."""
    if nests_too_deep(_TOML_NESTING, text):
        return too_deep()
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        help_ = 'texts stand in quotation marks, such as status = "refused", under the name of their group, such as [consent]'
        return fault("IS412", f"not TOML: {said[:1].lower()}{said[1:]}", help_)
    except ValueError:  # a whole number of more digits than Python reads
        return fault("IS410", f"a number of more than {DIGIT_LIMIT} digits is not an answer")
    return case_of(value)
