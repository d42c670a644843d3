package dev.parley.client.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of a run, in the order in which they are told: as a table for people and as JSON for programs. The run's thread. */
public final class Report {
    private static final int LABEL_WIDTH = 34;

    private final Map<String, Object> values = new LinkedHashMap<>();
    private final StringBuilder table = new StringBuilder();
    private final List<String> notes = new ArrayList<>();
    private boolean failed;

    void add(String key, String label, long value) {
        values.put(key, value);
        row(label, String.format(Locale.ROOT, "%,d", value), "");
    }

    void add(String key, String label, double value, int decimals, String unit) {
        values.put(key, value);
        row(label, String.format(Locale.ROOT, "%,." + decimals + "f", value), unit);
    }

    /** For programs only. */
    void add(String key, Object value) {
        values.put(key, value);
    }

    /** For programs percentiles in microseconds, for people one line in milliseconds. */
    void add(String key, String label, Latencies latencies) {
        if (latencies.count() == 0) {
            return;
        }
        double p50 = latencies.percentile(50);
        double p99 = latencies.percentile(99);
        double p999 = latencies.percentile(99.9);
        values.put(key + "P50Micros", p50);
        values.put(key + "P99Micros", p99);
        values.put(key + "P999Micros", p999);
        values.put(key + "MaxMicros", latencies.max());
        row(
                label,
                String.format(
                        Locale.ROOT,
                        "p50 %.3f  p99 %.3f  p99.9 %.3f  max %.3f",
                        p50 / 1e3,
                        p99 / 1e3,
                        p999 / 1e3,
                        latencies.max() / 1e3),
                "ms");
    }

    /** Something to know about the figures. */
    void note(String sentence) {
        notes.add(sentence);
    }

    /** Something that must not be: the run as a whole has failed. */
    void fail(String sentence) {
        failed = true;
        notes.add(sentence);
    }

    private void row(String label, String value, String unit) {
        table.append(String.format(Locale.ROOT, "%-" + LABEL_WIDTH + "s %s%n", label, (value + " " + unit).strip()));
    }

    /** Whether something was lost, twice, in disorder or refused. */
    public boolean failed() {
        return failed;
    }

    /** What there is to know about the figures, a sentence each. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** A figure by its key in the JSON; 0 where there is none. */
    public double number(String key) {
        return values.get(key) instanceof Number number ? number.doubleValue() : 0;
    }

    /** Whether there is such a figure. */
    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** The table, with a line break after each row. */
    public String text() {
        return table.toString();
    }

    /** One JSON object on one line. */
    public String json() {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            for (Map.Entry<String, Object> value : values.entrySet()) {
                json.writeFieldName(value.getKey());
                write(json, value.getValue());
            }
            json.writeBooleanField("ok", !failed);
            json.writeArrayFieldStart("notes");
            for (String note : notes) {
                json.writeString(note);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(entry.getKey().toString());
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof Double number) {
            json.writeNumber(Math.round(number * 1e6) / 1e6);
        } else if (value instanceof Number number) {
            json.writeNumber(number.longValue());
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else {
            json.writeString(String.valueOf(value));
        }
    }
}
