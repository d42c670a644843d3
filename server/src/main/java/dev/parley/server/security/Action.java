package dev.parley.server.security;

/** What somebody may be allowed to do in a group. */
public enum Action {
    /** Follow it; in a durable namespace, become a member by oneself. */
    JOIN,
    /** Send to it. */
    SEND,
    /** Read what it keeps. */
    READ,
    /** See who is on in it. */
    PRESENCE,
    /** Add and remove members, and change their roles. */
    MANAGE
}
