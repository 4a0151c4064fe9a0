"""Every sentence that the pages say themselves, in one catalogue: another language is another `Words`.

What a policy asks and says stands in the policy, and how a decision is explained in `infoshare.explain`: neither is here.
Words in curly brackets are filled in, and keep their names in every language.
"""

import attrs


@attrs.frozen
class Words:
    """The sentences, in English where nothing else is given. `lang` is the code of their language."""

    lang: str = "en"
    service: str = "Sharing information about a child"
    to_content: str = "Skip to the main content"
    back: str = "Back"
    go_on: str = "Continue"
    error: str = "Error: "
    problem: str = "There is a problem"
    to_list: str = "Go to the procedures"

    # the procedures
    which: str = "Which procedure do you work by?"
    which_lead: str = (
        "You are asked what matters to your case, one question at a time. Then you see what the procedure says: what may"
        " go to whom, what to do first, what not to do, and whom to ask."
    )
    yours: str = "The decision stays yours. You may decide otherwise, and record why."
    policy_by: str = "{owner}, version {version}"
    not_in_force: str = "Not in force today."
    no_policies: str = "No procedure is served here."

    # starting
    start_heading: str = "Before you start"
    start_points: tuple[str, ...] = (
        "If a child or anybody else is in immediate danger, ring 999 now. Do not wait for an answer here.",
        "You can say “I am not sure” to every question. Doubt is an answer: you are then told whom to ask.",
        "You can stop whenever you want and see what is clear so far.",
        "Use initials or a role rather than a full name where that is enough to tell people apart.",
    )
    kept: str = (
        "What you answer is kept in the memory of this service alone, for as long as you go on, and is forgotten after"
        " {minutes} minutes without a click. Nothing of it is kept in your browser."
    )
    start: str = "Start"
    upload_heading: str = "Go on from a file"
    upload: str = "The file that you saved when you stopped"
    upload_hint: str = "A file that ends in .json. What it answers is not asked again."
    upload_go: str = "Go on from this file"
    code: str = "Your access code"
    code_hint: str = "You have it from whoever runs this service."
    code_wrong: str = "Enter an access code that this service knows"
    file_missing: str = "Choose the file that you saved"
    file_wrong: str = "That file cannot be read as a case. Choose the file that you saved here."
    file_other: str = "That file does not fit this procedure: {why}"

    # questions
    question: str = "Question {number}"
    first_heading: str = "First, what cannot wait"
    first_lead: str = (
        "Answer as well as you can for now. Whatever you are not sure of is said to be so in the answer."
    )
    meanwhile: str = "In the meantime"
    unsure: str = "I am not sure"
    or_: str = "or"
    open_: str = "Leave this open"
    open_these: str = "Leave open what is not answered"
    so_far: str = "See the answer so far"
    why: str = "Why this is asked"
    leads: str = "What each answer would lead to"
    leads_each: str = "{answer}: {then}"
    nothing_else: str = "It changes nothing by itself."
    tick: str = "Tick as many as there are."
    none_of_these: str = "None of these"
    of_unit: str = "In {unit}."
    from_to: str = "From {low} to {high}."
    day: str = "Day"
    month: str = "Month"
    year: str = "Year"
    date_hint: str = "For example, 31 1 2026."
    answer_missing: str = "Choose an answer, or say that you are not sure"
    answer_both: str = "Choose answers, or say that you are not sure, and not both"
    number_missing: str = "Enter a number, or say that you are not sure"
    date_missing: str = "Enter a day, a month and a year, or say that you are not sure"
    text_missing: str = "Enter something, or say that you are not sure"
    answer_so_far: str = "The answer so far"
    rest: str = "What is asked from here on settles what to do, and what may go to whom."

    # lists
    name: str = "Name"
    name_hint: str = "One at a time, by whatever tells it from the others."
    add: str = "Add"
    added: str = "Added so far"
    take_out: str = "Remove"
    take_out_one: str = "Remove {name}"
    that_is_all: str = "That is all"
    there_are_none: str = "There are none"
    name_missing: str = "Enter a name, or use one of the buttons below"

    # confirmed together
    alike_heading: str = "Is all of this so?"
    alike_of: str = "Of each of these:"
    alike_yes: str = "Yes, all of it is so of each of them"
    alike_no: str = "No, or I am not sure: ask me about each"
    alike_missing: str = "Say whether all of it is so of each of them"

    # assumptions
    review_wrong: str = "Tick whatever is wrong, or whatever you are not sure of"
    review_wrong_hint: str = "You are then asked about it. Leave all of them unticked if nothing is wrong."
    review_rest: str = "And the rest?"
    review_right: str = "I have read it, and what I have not ticked is right"
    review_leave: str = "I cannot say now: leave it assumed, and say so in the answer"
    review_missing: str = "Say whether what you have not ticked is right"

    # the answer
    answer_title: str = "The answer"
    given: str = "What you answered"
    given_none: str = "Nothing was answered."
    in_full: str = "All there is to say about it"
    next_heading: str = "What you can do now"
    go_on_answering: str = "Answer more questions"
    record: str = "Record the decision"
    keep: str = "Save what you answered, to go on later"
    print_: str = "To print this page, use the print command of your browser."
    forget: str = "Finish, and forget what I answered"
    paused: str = (
        "Keep the file where you keep other confidential papers: it holds everything that you answered."
    )

    # the record
    record_heading: str = "Record the decision"
    record_lead: str = "The procedure says: {headline}"
    record_unsettled: str = "It is not settled yet. You can record what you do in the meantime."
    your_name: str = "Your name, as you sign"
    your_role: str = "Your role"
    your_role_hint: str = "For example, school nurse."
    your_organisation: str = "Whom you act for"
    followed: str = "What do you decide?"
    followed_yes: str = "I do what the procedure says"
    followed_no: str = "I decide otherwise"
    because: str = "Why?"
    because_hint: str = "In your own words. Needed where you decide otherwise."
    instead: str = "If you decide otherwise: what do you do?"
    instead_share: str = "Share"
    instead_seek_consent: str = "Ask for consent first"
    instead_withhold: str = "Do not share"
    instead_seek_advice: str = "Take advice first"
    note: str = "Anything else for the record"
    note_hint: str = "Such as whom you told, who advised you, and when to look at it again."
    record_sign: str = "Sign and record"
    record_file: str = "Make the record"
    name_needed: str = "Enter your name"
    role_needed: str = "Enter your role"
    organisation_needed: str = "Enter whom you act for"
    followed_needed: str = "Say whether you do what the procedure says"
    because_needed: str = "Say why you decide otherwise"
    instead_needless: str = "Say that you decide otherwise, or leave this unanswered"
    recorded_heading: str = "The decision is recorded"
    recorded_signed: str = (
        "It is signed with the key of this service, and kept in its ledger as number {number}."
    )
    recorded_id: str = "Record {id}"
    receipt: str = "Download its receipt"
    receipt_why: str = "With the receipt anybody can check later that the record was not changed."
    made_heading: str = "The record is made"
    made_lead: str = (
        "This service keeps no records. Download the record, sign it, and keep it as your procedure says."
    )
    made_page: str = "Download the record as a page, to print and sign"
    made_file: str = "Download the record as a file, to be signed with a key"
    record_again: str = "A decision of this interview was recorded before; this record takes its place."
    no_records: str = "Records cannot be made here: the service was installed without the extra `records`."
    record_refused: str = "It was not recorded: {why}"

    # ends and errors
    ended_heading: str = "Nothing is left of it here"
    ended_lead: str = "What you answered is forgotten. If you saved a file, you can go on from it."
    gone_heading: str = "This interview has ended"
    gone_lead: str = (
        "Nobody clicked for a while, or it was finished, or the service was started again. What was answered is"
        " forgotten, so that nobody else can see it. If you saved a file, you can go on from it."
    )
    stale_heading: str = "That page is out of date"
    stale_lead: str = "Nothing was changed. Go back to where you were and try again."
    to_where: str = "Go to where I was"
    full_heading: str = "Too many people are using this service"
    full_lead: str = (
        "Nothing was lost. Please try again in a few minutes. If it cannot wait, ring your safeguarding lead."
    )
    missing_heading: str = "There is no such procedure here"
    missing_lead: str = "It may have been renamed. Choose from those that there are."
    large_heading: str = "That is too long"
    large_lead: str = "Nothing was changed. Shorten what you wrote, or choose a smaller file."
    fault_heading: str = "Sorry, something went wrong here"
    fault_lead: str = "Nothing was changed. Try again; if it goes on, tell whoever runs this service."


ENGLISH = Words()
