package dev.parley.protocol;

import java.util.Locale;

/**
 * What a later entry says about an earlier one; entries themselves never change.
 *
 * @param messageId the earlier entry's message id
 * @param kind how the two belong together
 * @param seq where the earlier entry stands, or null. The hub sets it in an edit or a deletion of what a durable group keeps
 */
public record Ref(String messageId, Kind kind, Long seq) {

    /** To an entry of which only the id is known. */
    public Ref(String messageId, Kind kind) {
        this(messageId, kind, null);
    }

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

    /** Whether it changes what the earlier entry says, which not everybody may. */
    public boolean changes() {
        return kind == Kind.EDIT || kind == Kind.DELETE;
    }
}
