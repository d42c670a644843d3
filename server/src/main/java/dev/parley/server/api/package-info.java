/**
 * The HTTP API under {@code /v1}: what backends and operators call. Bodies are read and written as bytes by streaming; every refusal is a
 * {@code application/problem+json} with the code that an {@code error} frame would carry.
 */
package dev.parley.server.api;
