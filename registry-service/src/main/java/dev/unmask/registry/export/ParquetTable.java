package dev.unmask.registry.export;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** A Parquet file, written front to back; a row group at most is held in memory. */
final class ParquetTable<T> implements Sheet<T> {
  private static final int ROW_GROUP_BYTES = 8 << 20;
  private static final int PAGE_BYTES = 64 << 10;

  private final ParquetWriter<T> file;

  ParquetTable(List<Column<T>> columns, OutputStream out) throws IOException {
    this.file =
        new ParquetRows.Builder<>(columns, new StreamedFile(out))
            .withCodecFactory(new GzipCodecs())
            .withCompressionCodec(CompressionCodecName.GZIP)
            .withRowGroupSize((long) ROW_GROUP_BYTES)
            .withPageSize(PAGE_BYTES)
            .build();
  }

  @Override
  public void write(T row) throws IOException {
    file.write(row);
  }

  @Override
  public void finish() throws IOException {
    file.close();
  }
}
