/** What lines of the log are about, in fields of their own. */
package dev.parley.server.journal;
