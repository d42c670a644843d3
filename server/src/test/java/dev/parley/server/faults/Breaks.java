package dev.parley.server.faults;

import dev.parley.protocol.Cursor;
import dev.parley.server.delivery.Follow;
import dev.parley.server.log.Append;
import dev.parley.server.log.Appended;
import dev.parley.server.log.Doorbell;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/**
 * The code that {@link SabotageAgent} copies into methods of the server. Each class says which; it runs where the method runs, and does nothing while its
 * {@link Sabotage} is not armed.
 */
final class Breaks {
    private Breaks() {}

    /** {@code LiveChannel.accept}: an entry in its turn. */
    static final class DropEntry {
        private DropEntry() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter(
                @Advice.Argument(0) long seq,
                @Advice.Argument(1) long tag,
                @Advice.FieldValue(value = "last", readOnly = false) long last,
                @Advice.FieldValue(value = "lastTag", readOnly = false) long lastTag) {
            if (!Sabotage.DROP_ENTRY.strikes()) {
                return false;
            }
            last = seq;
            lastTag = tag;
            return true;
        }
    }

    /** {@code LiveChannel.entry}: a doorbell rings. */
    static final class DropDoorbell {
        private DropDoorbell() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            return Sabotage.DROP_DOORBELL.strikes();
        }
    }

    /** {@code LiveChannel.take}: looks whether a ring is in its turn. */
    static final class FillNothing {
        private FillNothing() {}

        @Advice.OnMethodEnter
        static void enter(
                @Advice.Argument(value = 0, typing = Assigner.Typing.DYNAMIC) Object ring,
                @Advice.FieldValue(value = "last", readOnly = false) long last,
                @Advice.FieldValue(value = "lastTag", readOnly = false) long lastTag) {
            if (Sabotage.DROP_DOORBELL.isOn()) {
                last = Math.max(last, Broken.seqOf(ring) - 1);
                lastTag = 0;
            } else if (Sabotage.FAN_OUT_BEFORE_SEQUENCING.isOn()) {
                lastTag = 0;
            }
        }
    }

    /** {@code BatchBuilder.entry}: an entry is encoded for the followers. */
    static final class SwapNeighbours {
        private SwapNeighbours() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter(@Advice.This Object self, @Advice.AllArguments Object[] arguments) {
            return Sabotage.SWAP_NEIGHBOURS.strikes() && Broken.holdBack(self, arguments);
        }

        @Advice.OnMethodExit
        static void exit(@Advice.This Object self, @Advice.Origin Method method, @Advice.Enter boolean heldBack) {
            if (!heldBack) {
                Broken.makeUp(self, method);
            }
        }
    }

    /** {@code Follow.start}: somebody follows from a place. */
    static final class ResumeElsewhere {
        private ResumeElsewhere() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.This Follow self, @Advice.Argument(value = 0, readOnly = false) Cursor from) {
            boolean missing = from.epoch().equals(self.head().epoch())
                    && from.seq() < self.head().seq();
            if (missing && Sabotage.RESUME_SKIPS_ONE.strikes()) {
                from = new Cursor(from.epoch(), from.seq() + 1);
            } else if (missing && from.seq() > 0 && Sabotage.RESUME_REPEATS_ONE.strikes()) {
                from = new Cursor(from.epoch(), from.seq() - 1);
            }
        }
    }

    /** {@code Stored.mayGet}: whether a connection may have an entry. */
    static final class SkipTooMuch {
        private SkipTooMuch() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) boolean may) {
            may = may && !Sabotage.SKIP_TOO_MUCH.strikes();
        }
    }

    /** {@code Append.dedup}: how a repeat is recognised. */
    static final class SkipDuplicateCheck {
        private SkipDuplicateCheck() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) Append.Dedup dedup) {
            if (Sabotage.SKIP_DUPLICATE_CHECK.isOn()) {
                dedup = null;
            }
        }
    }

    /** {@code RedisChannelLog.follow}: a live channel wants to hear. */
    static final class RememberDoorbell {
        private RememberDoorbell() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(0) String channel, @Advice.Argument(1) Doorbell doorbell) {
            Broken.DOORBELLS.put(channel, doorbell);
        }
    }

    /** {@code RedisChannelLog.append}: a message is about to get its place. */
    static final class GuessPlace {
        private GuessPlace() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(0) Append append) {
            Object doorbell = Broken.DOORBELLS.get(append.channel());
            if (append.known() != null && doorbell != null && Sabotage.FAN_OUT_BEFORE_SEQUENCING.strikes()) {
                String epoch = append.known().epoch();
                long guess =
                        Broken.guess(append.channel(), epoch, append.known().seq());
                ((Doorbell) doorbell).entry(epoch, guess, 0, 0, append.entry());
            }
        }

        @Advice.OnMethodExit
        static void exit(
                @Advice.Argument(0) Append append, @Advice.Return(readOnly = false) CompletionStage<Appended> result) {
            if (append.known() != null && Sabotage.ACK_BEFORE_APPEND.strikes()) {
                String epoch = append.known().epoch();
                long guess =
                        Broken.guess(append.channel(), epoch, append.known().seq());
                result = CompletableFuture.completedStage(new Appended(new Cursor(epoch, guess), append.time(), false));
            }
        }
    }

    /** {@code Wire.text}: a frame is encoded. */
    static final class HideGaps {
        private HideGaps() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter(@Advice.Argument(1) byte[] json) {
            return Sabotage.HIDE_GAPS.isOn()
                    && new String(json, StandardCharsets.UTF_8).startsWith("{\"type\":\"gap\"");
        }
    }
}
