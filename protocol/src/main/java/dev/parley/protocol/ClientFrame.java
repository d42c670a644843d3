package dev.parley.protocol;

import java.util.List;

/** What a client sends. Every frame may carry an {@code id}; one that does gets exactly one answer. Components are null where a field is absent, unless said otherwise. */
public sealed interface ClientFrame {

    /** The request's id, or null. */
    RequestId id();

    /**
     * The first frame: who one is and where one left off.
     *
     * @param token a JWT, or null for a guest
     * @param client what program this is
     * @param resume where to go on; empty for a first visit
     */
    record Hello(RequestId id, String token, Client client, List<Resume> resume) implements ClientFrame {}

    /** A program's name and version, for operators to see. */
    record Client(String name, String version) {}

    /**
     * One channel of {@code hello.resume}.
     *
     * @param channel the name as sent, perhaps no channel's at all
     * @param cursor where the client stands; null when what was sent is malformed, which concerns this entry only
     */
    record Resume(String channel, Cursor cursor) {}

    /**
     * A message.
     *
     * @param to to whom
     * @param data the payload, never null
     * @param event never null ({@value Envelope#DEFAULT_EVENT} by default)
     * @param messageId the sender's name for it: a repeat within the deduplication window is not sent twice
     * @param echo whether the sending connection gets it too
     * @param isVolatile whether it is delivered at most once and kept nowhere
     * @param except users who do not get it; never null
     * @param ref what it says about an earlier message
     * @param mentions users whom it is meant to catch the eye of; never null
     */
    record Send(
            RequestId id,
            Address to,
            RawJson data,
            String event,
            String messageId,
            boolean echo,
            boolean isVolatile,
            List<String> except,
            Ref ref,
            List<String> mentions)
            implements ClientFrame {

        /** A message that mentions nobody. */
        public Send(
                RequestId id,
                Address to,
                RawJson data,
                String event,
                String messageId,
                boolean echo,
                boolean isVolatile,
                List<String> except,
                Ref ref) {
            this(id, to, data, event, messageId, echo, isVolatile, except, ref, List.of());
        }

        /** The same message as another request. */
        public Send withId(RequestId newId) {
            return new Send(newId, to, data, event, messageId, echo, isVolatile, except, ref, mentions);
        }

        /** The same message with another id. */
        public Send withMessageId(String newId) {
            return new Send(id, to, data, event, newId, echo, isVolatile, except, ref, mentions);
        }

        /** The same message with another event and payload. */
        public Send with(String newEvent, RawJson newData) {
            return new Send(id, to, newData, newEvent, messageId, echo, isVolatile, except, ref, mentions);
        }

        /** The same message about an earlier one whose place is known. */
        public Send withRef(Ref newRef) {
            return new Send(id, to, data, event, messageId, echo, isVolatile, except, newRef, mentions);
        }
    }

    /** Follow a group, in a durable namespace: become a member. */
    record Join(RequestId id, Address.Group group, Since since) implements ClientFrame {}

    /** From where a join wants the backlog; none without it. */
    sealed interface Since {
        /** After this cursor. */
        record After(Cursor cursor) implements Since {}

        /** The last {@code entries} entries, 0 for none. */
        record Last(long entries) implements Since {}
    }

    /** Follow a group no longer, in a durable namespace: end the membership. */
    record Leave(RequestId id, Address.Group group) implements ClientFrame {}

    /**
     * Make somebody a member of a durable group, or change a member's role.
     *
     * @param user the user's id
     * @param role the role from now on; null for {@code member}, or to leave a member's role as it is
     */
    record Member(RequestId id, Address.Group group, String user, Role role) implements ClientFrame {}

    /**
     * End somebody's membership of a durable group.
     *
     * @param user the user's id
     */
    record Remove(RequestId id, Address.Group group, String user) implements ClientFrame {}

    /**
     * Who belongs to a durable group.
     *
     * @param cursor what a page before gave as {@code next}; null for the first page
     * @param limit 1 to {@value Limits#MEMBERS_MAX}, already clamped
     */
    record Members(RequestId id, Address.Group group, String cursor, int limit) implements ClientFrame {}

    /**
     * A page of what a channel keeps.
     *
     * @param before only entries with a smaller seq
     * @param after only entries with a greater seq
     * @param limit 1 to {@value Limits#HISTORY_MAX}, already clamped
     */
    record History(RequestId id, Address channel, Long before, Long after, int limit) implements ClientFrame {}

    /**
     * What a chat shows of one's durable groups before any of them is opened.
     *
     * @param group only this one
     * @param after only groups whose names sort after it
     * @param limit 1 to {@value Limits#HISTORY_MAX}, already clamped
     */
    record Conversations(RequestId id, Address.Group group, String after, int limit) implements ClientFrame {}

    /**
     * Give a durable group another title or topic.
     *
     * @param title the title from now on, empty for none; null to leave it as it is
     * @param topic likewise
     */
    record Describe(RequestId id, Address.Group group, String title, String topic) implements ClientFrame {}

    /** How far the members of a durable group have read. */
    record Receipts(RequestId id, Address.Group group) implements ClientFrame {}

    /**
     * Looks for a text in what a channel keeps.
     *
     * @param before only entries with a smaller seq
     * @param limit 1 to {@value Limits#SEARCH_MAX}, already clamped
     */
    record Search(RequestId id, Address channel, String text, Long before, int limit) implements ClientFrame {}

    /**
     * Keeps the user's own settings for a durable group.
     *
     * @param value any JSON, of at most {@value Limits#SETTINGS_MAX} bytes; JSON's null for none
     */
    record Settings(RequestId id, Address.Group group, RawJson value) implements ClientFrame {}

    /** Who is on in a group. */
    record PresenceQuery(RequestId id, Address.Group group) implements ClientFrame {}

    /** Everything up to {@code seq} has been read by this user. */
    record Read(RequestId id, Address channel, long seq) implements ClientFrame {}

    /** The user began or stopped typing. */
    record Typing(RequestId id, Address to, boolean active) implements ClientFrame {}

    /** A new token for the same user, before the old one ends. */
    record Refresh(RequestId id, String token) implements ClientFrame {}

    /** Are you there? Answered by {@link ServerFrame.Pong} with the same id. */
    record Ping(RequestId id) implements ClientFrame {}

    /** The answer to {@link ServerFrame.Ping}. */
    record Pong(RequestId id) implements ClientFrame {}
}
