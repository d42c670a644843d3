package dev.parley.server.security;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What somebody may do in a group; the names that a token's grants use are these in lower case. */
public enum Action {
    /** Join it, and have its messages from then on. */
    JOIN,
    /** Send to it, and be seen typing in it. */
    SEND,
    /** Read what it keeps, without being in it. */
    READ,
    /** See who is on in it. */
    PRESENCE,
    /** Add and remove its members, and change their roles. */
    MANAGE;

    /** The name in tokens and policies. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The action of a name, or nothing where there is none. */
    public static Optional<Action> ofWire(String wire) {
        return Stream.of(values()).filter(action -> action.wire().equals(wire)).findAny();
    }
}
