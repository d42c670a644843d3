/**
 * The HTTP API under {@code /v1}: what backends and operators call. Bodies are read and written as bytes by streaming; every refusal is a
 * {@code application/problem+json} with the code that an {@code error} frame would carry.
 *
 * <p>What is answered later is handed over by {@code toCompletableFuture()}: the framework cancels it when the caller hangs up, and a minimal stage would throw.
 */
package dev.parley.server.api;
