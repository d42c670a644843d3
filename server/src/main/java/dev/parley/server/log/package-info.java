/**
 * The truth about every channel: ordered logs, one contract, kept in memory or in Redis.
 *
 * <p>{@link dev.parley.server.log.ChannelLog} is the contract. Nothing outside this package tree knows which of the two serves it.
 */
package dev.parley.server.log;
