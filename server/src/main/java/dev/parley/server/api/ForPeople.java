package dev.parley.server.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On a method that people may call with a token of their own, besides services; it then asks itself what they may. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface ForPeople {

    /** Whether those may call it as well who show no token at all: for what some namespaces leave open to everybody. */
    boolean anonymous() default false;
}
