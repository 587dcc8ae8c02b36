package dev.unmask.registry.export;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/** Rows as Parquet's library takes them: a flat record, in which absent cells are left out. */
final class ParquetRows<T> extends WriteSupport<T> {
  private final List<Column<T>> columns;
  private @Nullable RecordConsumer consumer;

  ParquetRows(List<Column<T>> columns) {
    this.columns = columns;
  }

  /** Hadoop's settings, of which there are none. */
  @Override
  public WriteContext init(Configuration configuration) {
    return new WriteContext(schema(), Map.of());
  }

  @Override
  public WriteContext init(ParquetConfiguration configuration) {
    return new WriteContext(schema(), Map.of());
  }

  private MessageType schema() {
    Types.MessageTypeBuilder schema = Types.buildMessage();
    for (Column<T> column : columns) {
      schema.addField(
          switch (column.type()) {
            case TEXT ->
                Types.optional(PrimitiveTypeName.BINARY)
                    .as(LogicalTypeAnnotation.stringType())
                    .named(column.name());
            case INTEGER -> Types.optional(PrimitiveTypeName.INT64).named(column.name());
            case TIME ->
                Types.optional(PrimitiveTypeName.INT64)
                    .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MILLIS))
                    .named(column.name());
            case NUMBER -> Types.optional(PrimitiveTypeName.DOUBLE).named(column.name());
            case FLAG -> Types.optional(PrimitiveTypeName.BOOLEAN).named(column.name());
          });
    }
    return schema.named("rows");
  }

  @Override
  public void prepareForWrite(RecordConsumer given) {
    this.consumer = given;
  }

  @Override
  public void write(T row) {
    RecordConsumer out = consumer;
    if (out == null) {
      throw new IllegalStateException("no file is open");
    }
    out.startMessage();
    for (int i = 0; i < columns.size(); i++) {
      Object value = columns.get(i).of(row);
      if (value != null) {
        out.startField(columns.get(i).name(), i);
        write(out, value);
        out.endField(columns.get(i).name(), i);
      }
    }
    out.endMessage();
  }

  private static void write(RecordConsumer out, Object value) {
    switch (value) {
      case String text -> out.addBinary(Binary.fromString(text));
      case Long number -> out.addLong(number);
      case Double number -> out.addDouble(number);
      case Boolean flag -> out.addBoolean(flag);
      default -> throw new IllegalStateException("no cell: " + value.getClass());
    }
  }

  /** Makes writers without Hadoop's settings. */
  static final class Builder<T> extends ParquetWriter.Builder<T, Builder<T>> {
    private final List<Column<T>> columns;

    Builder(List<Column<T>> columns, OutputFile file) {
      super(file);
      this.columns = columns;
      withConf(new PlainParquetConfiguration());
    }

    @Override
    protected Builder<T> self() {
      return this;
    }

    @Override
    protected WriteSupport<T> getWriteSupport(Configuration configuration) {
      return new ParquetRows<>(columns);
    }

    @Override
    protected WriteSupport<T> getWriteSupport(ParquetConfiguration configuration) {
      return new ParquetRows<>(columns);
    }
  }
}
