package dev.parley.server.proof;

/** A broken promise, found by the {@link Checker}. */
public record Fault(Kind kind, String detail) {

    /** What is broken. */
    public enum Kind {
        /** An acknowledged message that a receiver should have and has not, or a receiver that stopped before the end. */
        LOST,
        /** An entry, or a message id within one epoch, that came twice. */
        DUPLICATED,
        /** An entry that came after a later one. */
        OUT_OF_ORDER,
        /** Entries left out without a word. */
        UNDECLARED_GAP,
        /** Entries declared as no longer there, in a run in which that must not happen. */
        DECLARED_GAP,
        /** The sender was told another place than the receivers. */
        ACK_DISAGREES,
        /** Two receivers have different things at one place. */
        RECEIVERS_DISAGREE,
        /** A frame that the contract does not have there. */
        AGAINST_THE_CONTRACT,
        /** A message that came to somebody whom its sender had excepted. */
        NOT_MEANT
    }
}
