/**
 * The log in Redis: a stream for each channel, Lua scripts that append and ring in one step, and the doorbell over pub/sub.
 *
 * <p>The way of an append: {@code RedisChannelLog}, {@code Batches}, {@code AppendBatch}, {@code append.lua}, {@code Bell}.
 */
package dev.parley.server.log.redis;
