/** Tests of the chat in a real browser. Where the machine has none they are skipped, and say so in one line. */
package dev.parley.server.browser;
