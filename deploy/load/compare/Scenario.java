package dev.parley.load;

import java.util.List;

/**
 * What is measured, of whom, and what stands in the table.
 *
 * @param id by which it is chosen on the command line
 * @param goal which goal of Parley's it belongs to, with its text
 * @param what one sentence on how it is measured
 * @param fresh whether each measurement needs servers that have just been started
 * @param columns of the table
 * @param competitors in the order of the table
 * @param baselines the names of those to which ratios are taken; none where there are no ratios
 */
record Scenario(
        String id,
        String goal,
        String what,
        boolean fresh,
        List<Column> columns,
        List<Competitor> competitors,
        List<String> baselines) {

    /**
     * A column.
     *
     * @param key of the figure
     * @param title in the table, with the unit
     * @param factor by which the figure is multiplied
     * @param decimals shown
     * @param ratio whether further columns have it relative to each of the baselines
     */
    record Column(String key, String title, double factor, int decimals, boolean ratio) {
        static Column of(String key, String title, double factor, int decimals) {
            return new Column(key, title, factor, decimals, false);
        }

        Column andRatio() {
            return new Column(key, title, factor, decimals, true);
        }
    }
}
