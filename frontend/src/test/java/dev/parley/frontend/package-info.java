/** Tests of the browser's side, in a real browser where there is one. */
package dev.parley.frontend;
