/** How the pages of the module {@code frontend} are reached. */
package dev.parley.server.frontend;
