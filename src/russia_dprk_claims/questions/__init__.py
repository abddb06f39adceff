"""Questions about the data, one function each, by what an answer has in its rows.

Every answer says who says it, in which text and how surely. No answer contains a withdrawn claim. Actors, items and
others are named as people type them; an unknown name is an error that suggests similar ones.
"""
