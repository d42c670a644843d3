package dev.parley.protocol;

import java.util.List;
import java.util.Locale;

/** What the server sends. Components are null where a field is absent, unless said otherwise. */
public sealed interface ServerFrame {

    /**
     * The first frame: the hello is accepted and every channel listed here is followed.
     *
     * @param id the hello's id
     * @param connection this connection's id
     * @param user who one is
     * @param node the instance
     * @param channels what is followed from now on, and what could not be
     * @param heartbeat when a silent connection is probed and given up
     * @param limits what this connection may do
     * @param time the server's clock, milliseconds since 1970
     * @param expires when the token ends, milliseconds since 1970
     * @param token the token to use from now on, where the server made one
     */
    record Welcome(
            RequestId id,
            String connection,
            User user,
            String node,
            List<Followed> channels,
            Heartbeat heartbeat,
            Limits limits,
            long time,
            Long expires,
            String token)
            implements ServerFrame {}

    /** A user's id and the name shown. */
    record User(String id, String name) {}

    /**
     * A channel in {@code welcome}.
     *
     * @param channel its name
     * @param head where the backlog ends; null where it is not followed
     * @param read the user's read position
     * @param role the user's role, in durable groups
     * @param recovered only where a resume was asked for: whether all that was missed follows
     * @param error why the resume entry was not taken; without {@code head} the channel is not followed then
     */
    record Followed(String channel, Cursor head, Long read, Role role, Boolean recovered, ErrorCode error) {}

    /**
     * When a connection is probed and when it is given up.
     *
     * @param interval milliseconds of silence before a ping
     * @param timeout milliseconds for an answer
     */
    record Heartbeat(long interval, long timeout) {}

    /** A request took effect. */
    record Ack(RequestId id, Result result) implements ServerFrame {}

    /** What an ack carries, by the request it answers. */
    sealed interface Result {
        /** Of a {@code leave}, {@code read} or {@code typing}: nothing. */
        record Done() implements Result {}

        /**
         * Of a {@code send}.
         *
         * @param at where the message stands; null for one that is kept nowhere
         * @param duplicate whether this is the result of an earlier send with the same message id
         */
        record Sent(String messageId, String channel, Cursor at, long time, boolean duplicate) implements Result {}

        /**
         * Of a {@code join}.
         *
         * @param at where the connection stands; with {@code since}, where the backlog ends
         * @param role the member's role, in durable groups
         * @param members how many members a durable group has, how many users are on in a session group
         * @param title a durable group's title
         * @param topic likewise
         */
        record Joined(String group, Cursor at, Role role, Long members, String title, String topic) implements Result {

            /** Of a group that has neither title nor topic. */
            public Joined(String group, Cursor at, Role role, Long members) {
                this(group, at, role, members, null, null);
            }
        }

        /**
         * Of a {@code history} or a {@code search}.
         *
         * @param messages in rising seq
         * @param more whether there are more beyond the far side of the page
         * @param before where a search goes on that has more
         */
        record Page(List<Message> messages, boolean more, Long before) implements Result {

            /** Of a history, which goes on at the far message. */
            public Page(List<Message> messages, boolean more) {
                this(messages, more, null);
            }
        }

        /**
         * Of a {@code conversations}.
         *
         * @param conversations in the order of their groups' names
         * @param more whether there are more, after the last of them
         */
        record Conversations(List<Conversation> conversations, boolean more) implements Result {}

        /**
         * Of a {@code read} in a durable group: what is left.
         *
         * @param unread messages, up to {@value Limits#UNREAD_MAX}
         * @param mentions those of them that mention the user
         */
        record Marked(long unread, long mentions) implements Result {}

        /** Of a {@code receipts}: where members stand. */
        record Receipts(List<Position> receipts) implements Result {}

        /**
         * Of a {@code presence}.
         *
         * @param users who is on, perhaps only the first of them
         * @param count how many are on
         * @param more whether the list is not the whole
         * @param away members of a durable group who are not on, perhaps only the first of them, and none of a large group; never null
         */
        record Present(List<PresentUser> users, long count, boolean more, List<AwayUser> away) implements Result {

            /** Of a group of which nobody is told who is away. */
            public Present(List<PresentUser> users, long count, boolean more) {
                this(users, count, more, List.of());
            }
        }

        /**
         * Of a {@code members}.
         *
         * @param members in the order of their ids
         * @param count how many members there are
         * @param next the cursor of the following page; null for the last one
         */
        record Members(List<GroupMember> members, long count, String next) implements Result {}

        /** Of a {@code refresh}: when the new token ends, milliseconds since 1970; null for never. */
        record Refreshed(Long expires) implements Result {}
    }

    /**
     * A user who is on.
     *
     * @param devices connections that follow the group
     * @param since when the first of them came, milliseconds since 1970
     */
    record PresentUser(String user, String name, int devices, long since) {}

    /**
     * A member of a durable group.
     *
     * @param name what others see, as far as it was known when the membership changed last, or null
     * @param since when the user became one, milliseconds since 1970
     */
    record GroupMember(String user, String name, Role role, long since) {}

    /**
     * A user who is not on.
     *
     * @param lastSeen when they were last, milliseconds since 1970
     */
    record AwayUser(String user, String name, Long lastSeen) {}

    /**
     * How far a member has come in a group.
     *
     * @param read the seq up to which they have read
     * @param delivered the seq up to which a device of theirs has it, in direct conversations
     */
    record Position(String user, long read, Long delivered) {}

    /**
     * One of the user's durable groups.
     *
     * @param role the user's
     * @param members how many there are
     * @param at the last entry
     * @param read the user's read position
     * @param unread messages of others since then, up to {@value Limits#UNREAD_MAX}
     * @param mentions those of them that mention the user
     * @param settings the user's own for it
     * @param last the newest entries, from the newest message on, in rising seq
     * @param other with whom, in a direct conversation
     */
    record Conversation(
            String group,
            Role role,
            String title,
            String topic,
            long members,
            Cursor at,
            Long read,
            long unread,
            long mentions,
            RawJson settings,
            List<Message> last,
            Other other) {}

    /**
     * The other one of a direct conversation.
     *
     * @param lastSeen when they last came or went, milliseconds since 1970
     * @param read the seq up to which they have read
     * @param delivered the seq up to which a device of theirs has it
     */
    record Other(String user, String name, Long lastSeen, Long read, Long delivered) {}

    /**
     * A request was refused, or something was sent that is none.
     *
     * @param id the request's id, where it has one that could be read
     * @param code what kind of refusal
     * @param detail one sentence
     * @param retryAfter milliseconds after which a retry makes sense
     */
    record Error(RequestId id, ErrorCode code, String detail, Long retryAfter) implements ServerFrame {}

    /**
     * A message.
     *
     * @param channel where it was sent
     * @param at its place in the channel's log; null for one that is kept nowhere
     * @param envelope the message itself
     */
    record Message(String channel, Cursor at, Envelope envelope) implements ServerFrame {}

    /** Entries {@code from} to {@code to} (inclusive) that are not for this connection. */
    record Skip(String channel, String epoch, long from, long to) implements ServerFrame {}

    /**
     * Entries {@code from} to {@code to} (inclusive) that can no longer be given.
     *
     * @param reason {@code expired}: the log no longer has them; {@code epoch}: the log was begun anew
     */
    record Gap(String channel, String epoch, long from, long to, GapReason reason) implements ServerFrame {}

    /** Why there is a gap. */
    enum GapReason {
        EXPIRED,
        EPOCH;

        /** The reason as written on the wire. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Somebody came or went; in large groups only {@code group} and {@code count} are set.
     *
     * @param state null where only the count is told
     * @param devices how many connections of the user follow the group
     * @param count how many are on, in large groups
     */
    record Presence(String group, String user, String name, PresenceState state, Integer devices, Long count)
            implements ServerFrame {}

    /** What happened to a user's presence. */
    enum PresenceState {
        JOINED,
        LEFT,
        UPDATED;

        /** The state as written on the wire. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Somebody began or stopped typing. */
    record Typing(Address to, String user, String name, boolean active) implements ServerFrame {}

    /**
     * A member has read up to {@code seq}.
     *
     * @param unread messages that are left, to the user's own devices
     * @param mentions those of them that mention the user
     * @param delivered in a direct conversation the seq up to which a device of the user has it
     */
    record Receipt(String channel, String user, long seq, Long unread, Long mentions, Long delivered)
            implements ServerFrame {

        /** That somebody else has read. */
        public Receipt(String channel, String user, long seq) {
            this(channel, user, seq, null, null, null);
        }
    }

    /**
     * The user's own settings for a group are others now.
     *
     * @param value JSON's null for none
     */
    record Settings(String group, RawJson value) implements ServerFrame {}

    /**
     * One's own membership changed.
     *
     * @param at the entry of the group that records it
     * @param role the role from now on; null when removed
     */
    record Membership(String group, MembershipState state, Role role, Cursor at) implements ServerFrame {}

    /** What happened to a membership. */
    enum MembershipState {
        ADDED,
        REMOVED,
        ROLE;

        /** The state as written on the wire. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The token ends in {@code in} milliseconds: send a {@code refresh}. */
    record Expiring(long in) implements ServerFrame {}

    /** This connection will be closed with 1012; come back {@code reconnectAfter} milliseconds later, anywhere. */
    record Draining(long reconnectAfter) implements ServerFrame {}

    /** Are you there? */
    record Ping() implements ServerFrame {}

    /** The answer to {@link ClientFrame.Ping}, with its id. */
    record Pong(RequestId id) implements ServerFrame {}
}
