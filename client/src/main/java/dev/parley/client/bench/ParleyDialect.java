package dev.parley.client.bench;

import java.util.List;
import java.util.function.IntFunction;

/** Parley's own protocol. Any thread. */
public final class ParleyDialect implements Dialect {
    private final String groups;
    private final List<String> tokens;
    private final boolean messageIds;
    private final IntFunction<String> addresses;

    private ParleyDialect(String groups, List<String> tokens, boolean messageIds, IntFunction<String> addresses) {
        this.groups = groups;
        this.tokens = List.copyOf(tokens);
        this.messageIds = messageIds;
        this.addresses = addresses;
    }

    /**
     * Channels are groups, which their members join.
     *
     * @param groups what the groups' names begin with; a {@code .} and the channel's index follow
     * @param tokens who the members are, in turn; guests where it is empty
     */
    public static ParleyDialect groups(String groups, List<String> tokens) {
        return new ParleyDialect(groups, tokens, false, channel -> "{\"group\":\"" + groups + "." + channel + "\"}");
    }

    /**
     * Channels are inboxes: a channel's messages go to a user, and come to the members who have it among theirs.
     *
     * @param users the user of each channel, asked when something is sent
     */
    public static ParleyDialect inboxes(List<String> tokens, IntFunction<String> users) {
        return new ParleyDialect(null, tokens, false, channel -> "{\"user\":\"" + users.apply(channel) + "\"}");
    }

    /** The same, but messages have a {@code messageId} each, as those of clients that may send again. */
    public ParleyDialect withMessageIds() {
        return new ParleyDialect(groups, tokens, true, addresses);
    }

    @Override
    public List<String> headers() {
        return List.of("Sec-WebSocket-Protocol: parley.v1.json");
    }

    @Override
    public Session session(Member member) {
        return new ParleySession(this, member, null);
    }

    @Override
    public Session resumed(Member member, Session before) {
        return new ParleySession(this, member, (ParleySession) before);
    }

    String token(int member) {
        return tokens.isEmpty() ? null : tokens.get(member % tokens.size());
    }

    /** Whether the channels are groups, which are joined. */
    boolean joins() {
        return groups != null;
    }

    String group(int channel) {
        return groups + "." + channel;
    }

    /** The index of a group's channel. */
    int index(String group) {
        return Integer.parseInt(group.substring(groups.length() + 1));
    }

    boolean messageIds() {
        return messageIds;
    }

    /** The address of a channel, as JSON. */
    String address(int channel) {
        return addresses.apply(channel);
    }
}
