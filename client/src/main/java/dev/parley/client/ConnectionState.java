package dev.parley.client;

import dev.parley.protocol.ServerFrame;
import java.time.Duration;

/** Where a client stands with its server, as told to {@link ParleyListener#onState}. */
public sealed interface ConnectionState {

    /**
     * A connection is being made.
     *
     * @param attempt 1 for the first one since the last welcome
     */
    record Connecting(int attempt) implements ConnectionState {}

    /**
     * Connected, and everything in the welcome is followed.
     *
     * @param welcome what the server said
     */
    record Connected(ServerFrame.Welcome welcome) implements ConnectionState {}

    /**
     * There is no connection; the next attempt comes by itself.
     *
     * @param delay how long until then
     * @param cause why there is none
     */
    record Waiting(Duration delay, ParleyException cause) implements ConnectionState {}

    /**
     * There is no connection, and none will be made until {@link ParleyClient#connect} is called again.
     *
     * @param cause why the server does not want it, or kind {@code CLOSED} after {@link ParleyClient#close}
     */
    record Stopped(ParleyException cause) implements ConnectionState {}
}
