"""What the audit trail says, as people read it, and which of its details may be shown."""

# A contact that somebody has because a supervisor or software gave it to them: "taken" in its history.
GIVEN = "given"
# What a contact's history may say.
CONTACT = {
    "arrived": "A contact arrived",
    "wrote down": "Wrote down a call",
    "sorted": "A contact was sorted",
    "queued": "A contact joined a queue",
    "taken": "Took a contact",
    GIVEN: "Gave a contact to somebody",
    "released": "Gave a contact back",
    "answered": "Answered a resident",
    "noted": "Wrote a private note",
    "with_partner": "Whoever does the work has begun",
    "transferred": "Passed a contact on",
    "moved": "Moved a contact with many",
    "moved back": "Moved a contact back with many",
    "viewed": "Looked at a contact",
    "closed": "Closed a contact",
    "added": "The resident added something",
    "reopened": "A contact was opened again",
    "outcome": "Recorded what came of a referral",
    "withdrew": "A resident withdrew their agreement",
    "summary": "A summary was passed on",
    "late": "A contact was not settled in time",
    "messages_on": "The resident agreed to messages",
    "messages_off": "The resident wants no messages",
    "sent again": "Had a message sent again",
    "paused": "Stopped a contact's clocks",
    "resumed": "A contact's clocks went on",
    "made_longer": "Took the longer time that the law allows",
    "reached": "Said that what a legal limit is about was done",
    "clock_near": "A contact's clock was near",
    "clock_missed": "A contact's clock was missed",
    "tagged": "Changed a contact's tags",
    "linked": "Linked two contacts",
    "unlinked": "Took a link between contacts away",
    "merged": "Made a contact part of another",
    "took in": "Another became part of a contact",
    "look again": "Chose a day to look at a contact again",
    "promised": "Told a resident by when they hear from us",
    "corrected": "Put sorting right",
    "file": "Added a file to a contact",
    "opened file": "Opened a contact's file",
    "danger seen": "A danger was seen",
    "safety": "Noted whether it is safe to contact a resident",
    "nobody in danger": "The resident said that nobody is in danger",
    "not safe": "The resident said that it is not safe to contact them",
    "left the queue": "The resident stopped waiting in the chat",
    "desk closed": "The desk closed while the resident waited in the chat",
}
# What people do about how contacts are sorted (tables/learning_job.py).
LEARNING = {
    "promoted": "Promoted a sorter",
    "rolled_back": "Went back to an earlier sorter",
    "refused": "Was refused the promotion of a sorter",
    "retrain_asked": "Had a sorter trained",
    "accepted": "Accepted an example for sorting",
    "dropped": "Dropped an example for sorting",
    "rule_made": "Made a rule for sorting",
    "rule_changed": "Changed a rule for sorting",
    "rule_tried": "Tried a rule for sorting",
    "rule_on": "Switched a rule for sorting on",
    "rule_off": "Switched a rule for sorting off",
}
# A queue gives its contacts out by itself, or does not (tables/queue_switch.py).
QUEUE_SWITCHED = "assign_switched"
SWITCHES = {QUEUE_SWITCHED: "Switched whether a queue gives contacts out by itself"}

# The only details that are shown: codes of ours, and never a word that a resident or an agent wrote.
CODES = {
    *("channel", "queue", "from", "to", "partner", "assign", "kind", "proved", "safe"),
    *("login", "role", "by", "and", "sessions", "contacts", "messages", "rows", "page"),
    # What a night took out, by kind (data/retention.toml).
    *("conversations", "file", "comment", "comment_redacted", "survey_address", "sign_in", "tally"),
}
# Of a change to sorting: which sorter, and which version of a rule. A rule's name and a reason are somebody's words.
VERSIONS = {"version", "instead_of", "to"}
WHYS = {"the agent was away", "the agent was switched off", "the agent's work was changed"}
