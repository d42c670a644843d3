package dev.parley.client.bench;

import java.nio.ByteBuffer;
import java.util.List;

/** What one kind of server speaks. One object for all members; its methods may be called on any reactor's thread. */
public interface Dialect {

    /** Headers of the upgrade besides those of every WebSocket, each as {@code Name: value}. */
    List<String> headers();

    /** A conversation for this member's next connection; it has not been opened yet. */
    Session session(Member member);

    /** One that takes up where another connection of the member ended, if the server knows of such a thing. */
    default Session resumed(Member member, Session before) {
        return session(member);
    }

    /** One connection's conversation. All of it runs on its reactor's thread. */
    interface Session {

        /** The socket is open: sign in and follow the member's channels, and then tell the member that it is {@link Member#ready}. */
        void opened(WebSocket socket);

        /** A whole message came: the bytes from {@code from} to {@code to}, valid during the call. */
        void received(ByteBuffer in, int from, int to);

        /**
         * Sends a message.
         *
         * @param channel where to
         * @param due when it was to be sent, which goes into its payload
         * @param size bytes of its payload
         */
        void send(Channel channel, long due, int size);
    }
}
