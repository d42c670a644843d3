package dev.parley.protocol;

import java.util.Locale;

/**
 * What a later entry says about an earlier one; entries themselves never change.
 *
 * @param messageId the earlier entry's message id
 * @param kind how the two belong together
 */
public record Ref(String messageId, Kind kind) {

    /** How a later entry belongs to an earlier one. */
    public enum Kind {
        REPLY,
        EDIT,
        DELETE,
        REACTION;

        /** The kind as written on the wire. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
