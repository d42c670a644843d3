/** Tests of the command as people have it: the packaged jar in a process of its own. */
package dev.parley.client.command;
