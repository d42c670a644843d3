package dev.parley.server.log;

/**
 * One entry of a log.
 *
 * @param seq its place, from 1
 * @param tag as {@link Doorbell#entry} tells it; 0 where the log does not keep it, since no other entry can come to stand there
 * @param bytes as they were appended; read only
 */
public record Entry(long seq, long tag, byte[] bytes) {}
