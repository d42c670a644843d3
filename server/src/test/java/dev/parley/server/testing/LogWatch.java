package dev.parley.server.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Hears all that is logged, by anybody on any thread, at the levels that operators see, until it is closed. */
public final class LogWatch extends Handler {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** Hears from now on. */
    public LogWatch() {
        Logger.getLogger("").addHandler(this);
    }

    /** What was heard so far, a line each. */
    public List<String> lines() {
        return lines;
    }

    @Override
    public void publish(LogRecord line) {
        if (line.getLevel().intValue() >= Level.INFO.intValue()) {
            lines.add(line.getLevel() + " " + line.getLoggerName() + " " + line.getMessage() + " " + line.getThrown());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(this);
    }
}
