package dev.parley.server.group;

import dev.parley.protocol.Address;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Names;
import dev.parley.protocol.ProtocolException;

/**
 * The two members of a direct conversation, as its name {@code dm:<a>~<b>} says them.
 *
 * @param first the lesser id, by its characters
 * @param second the greater
 */
record Direct(String first, String second) {

    /**
     * Reads the name of a direct conversation.
     *
     * @throws ProtocolException ({@code bad_frame}) when it does not name two users in order, so that each pair has one conversation only
     */
    static Direct of(Address.Group group) {
        String pair = group.name().substring(Namespace.DIRECT.length() + 1);
        int tilde = pair.indexOf('~');
        String first = pair.substring(0, Math.max(0, tilde));
        String second = pair.substring(tilde + 1);
        if (!Names.isUser(first) || !Names.isUser(second) || first.compareTo(second) >= 0) {
            throw new ProtocolException(
                    ErrorCode.BAD_FRAME,
                    "a direct conversation is named dm:<a>~<b> after two users, the lesser id first");
        }
        return new Direct(first, second);
    }

    boolean has(String user) {
        return first.equals(user) || second.equals(user);
    }

    String other(String user) {
        return first.equals(user) ? second : first;
    }
}
