package dev.parley.server.security;

/** What somebody's token says about an action in a group. */
public enum Verdict {
    /** It is allowed, whatever the namespace's policy says. */
    GRANTED,
    /** It is not allowed. */
    REFUSED,
    /** Nothing: the namespace's policy decides. */
    UNSAID
}
