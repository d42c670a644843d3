/** Everything that can be configured, as one tree under {@code parley}. */
package dev.parley.server.config;
