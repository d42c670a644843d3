package dev.parley.server.delivery;

/** What a socket tells the state machine of its connection. Called on the socket's event loop, never two at a time. */
public interface Inbound {

    /**
     * A whole text message came in; it is well-formed UTF-8.
     *
     * @param utf8 holds it, only during the call
     * @param offset where it begins
     * @param length its size in bytes
     */
    void text(byte[] utf8, int offset, int length);

    /** A whole binary message came in. */
    void binary();

    /** The peer has read so much of what waited for it that more may be written ({@link Socket#hasRoom}); the feeds go on after this. */
    void room();

    /** The connection is gone, whoever ended it. Called once. */
    void closed();
}
