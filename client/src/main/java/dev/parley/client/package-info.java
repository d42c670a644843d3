/**
 * A client of a Parley hub: it connects, comes back by itself after a loss, goes on where it left off, and keeps a cursor per channel.
 *
 * <p>Begin at {@link dev.parley.client.ParleyClient}. Inside, {@code Link} brings connections about and {@code Conversation} is what goes on over them;
 * both belong to one thread, the {@code Loop}.
 */
package dev.parley.client;
