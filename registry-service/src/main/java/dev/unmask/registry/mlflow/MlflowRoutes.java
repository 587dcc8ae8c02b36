package dev.unmask.registry.mlflow;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A controller of MLflow's calls, which are served under the API's and the web UI's prefix. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@RestController
@RequestMapping
@interface MlflowRoutes {
  @AliasFor(annotation = RequestMapping.class, attribute = "path")
  String[] value() default {"/api/2.0/mlflow", "/ajax-api/2.0/mlflow"};
}
