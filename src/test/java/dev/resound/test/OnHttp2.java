package dev.resound.test;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs the tests of a class over HTTP/2, with and without TLS. */
@ParameterizedClass(name = "{0}")
@EnumSource(
        value = TestTransport.class,
        names = {"HTTP2", "H2C"})
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnHttp2 {}
