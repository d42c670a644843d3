/** What all answers over HTTP have in common, whichever package gives them: how refusals look, who may ask from which page, what browsers are told. */
package dev.parley.server.http;
