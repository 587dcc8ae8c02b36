package dev.unmask.registry.mlflow;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.util.Map;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Uploads in parts, which are not served: clients that hear so send the file whole. */
@RestController
@RequiresRole(Role.MEMBER)
class MultipartUploadsController {

  @PostMapping({
    "/api/2.0/mlflow-artifacts/mpu/create/{*path}",
    "/api/2.0/mlflow-artifacts/mpu/complete/{*path}",
    "/api/2.0/mlflow-artifacts/mpu/abort/{*path}",
    "/ajax-api/2.0/mlflow-artifacts/mpu/create/{*path}",
    "/ajax-api/2.0/mlflow-artifacts/mpu/complete/{*path}",
    "/ajax-api/2.0/mlflow-artifacts/mpu/abort/{*path}"
  })
  Map<String, Object> refuse() {
    throw new UnmaskException(
        ErrorCode.NOT_IMPLEMENTED,
        "Multipart uploads are not served: PUT the whole file, of any size, to its address");
  }
}
