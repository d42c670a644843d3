package dev.parley.server.security;

/** What is known of somebody's right to do something in a group. */
public enum Verdict {
    /** It is allowed, whatever holds for others. */
    GRANTED,
    /** It is not. */
    REFUSED,
    /** Nothing was said: it is as for everybody, by the group's namespace and membership. */
    UNSAID
}
