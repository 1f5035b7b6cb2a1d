"""The ground floor: the language of measurement that every other app shares."""
