/** Reading and writing frames as JSON by streaming: no tree, no reflection, and {@code data} passes through as the bytes it came in. */
package dev.parley.protocol.json;
