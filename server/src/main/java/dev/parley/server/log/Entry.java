package dev.parley.server.log;

/**
 * One entry of a log.
 *
 * @param seq its place, from 1
 * @param bytes as they were appended; read only
 */
public record Entry(long seq, byte[] bytes) {}
