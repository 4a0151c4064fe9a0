"""Decision records: signed, dated, replayable, and impossible to alter quietly."""
