/** What holds for each kind of artifact that the server is shipped as. */
package dev.parley.server.packaging;
