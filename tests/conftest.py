"""What all tests share: Hypothesis never watches the clock, so that a busy machine decides no test."""

from hypothesis import HealthCheck, settings
from hypothesis.vendor.pretty import RepresentationPrinter

from infoshare.syntax import tree

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def _said_once(self: tree.Node, printer: RepresentationPrinter, cycle: bool) -> None:
    printer.text(repr(self))


# Hypothesis tells how a failing example was made by printing each part of a part several times over: of a deep tree,
# for hours.
tree.Node._repr_pretty_ = _said_once  # type: ignore[attr-defined]
