/** Tests of the client: its rules by themselves, and the whole of it against a server that says what each test has it say. */
package dev.parley.client;
