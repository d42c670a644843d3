package dev.parley.load;

import java.util.function.Supplier;

/**
 * One that is measured in a scenario.
 *
 * @param name in the table
 * @param stand starts its servers
 * @param run measures them
 */
record Competitor(String name, Supplier<Stand> stand, Run run) {

    /** One measurement; the figures by the keys of the scenario's columns. */
    interface Run {
        Figures of(Stand stand, double warmUp, double seconds);
    }
}
