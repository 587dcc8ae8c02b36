package dev.unmask.lm.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveDocumentsTest {

  private static final String LICENCE =
      "/*\n * Copyright 2020. Licensed under the Apache License, Version 2.0.\n */\n";

  @TempDir Path directory;

  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  @Test
  void readsWhatHasTheSuffixInTheOrderOfNames() throws IOException {
    entry("b/B.java", "class B {}");
    entry("a/A.java", "class A {}");
    entry("a/A.class", "\u0000\u0001");
    entry("blank.java", " \n");

    assertThat(ArchiveDocuments.read(archive(), ".java"))
        .containsExactly("class A {}", "class B {}");
  }

  @Test
  void leavesLicenceCommentsAtTheHeadOut() throws IOException {
    entry("1.java", LICENCE + "package a;\n/** Licensed users only. */\nclass A {}");
    entry("2.java", "// Copyright 2021\n// All rights reserved\n\npackage b;");
    entry("3.java", "/** What this package is for. */\npackage c;");
    entry("4.java", "#!/bin/sh\n# Licence: MIT\necho");
    entry("5.java", "// Copyright without a line end");
    entry("6.java", "/* Copyright, never closed");

    assertThat(ArchiveDocuments.read(archive(), ".java"))
        .containsExactly(
            "package a;\n/** Licensed users only. */\nclass A {}",
            "package b;",
            "/** What this package is for. */\npackage c;",
            "echo",
            "/* Copyright, never closed");
  }

  @Test
  void makesLineEndsOfFormFeedsAndCarriageReturns() throws IOException {
    entry("a.txt", "one\r\ntwo\fthree\rfour");

    assertThat(ArchiveDocuments.read(archive(), ".txt")).containsExactly("one\ntwo\nthree\nfour");
  }

  @Test
  void writesNothingWhateverAnEntryIsCalled() throws IOException {
    entry("../../escaped.txt", "text");
    entry("/absolute.txt", "other text");

    assertThat(ArchiveDocuments.read(archive(), ".txt")).hasSize(2);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(directory.resolve("archive.zip"));
    }
  }

  @Test
  void leavesOutEntriesThatAreNotUtf8Text() throws IOException {
    entries.put("latin1.txt", new byte[] {'a', (byte) 0xFF});
    entry("binary.txt", "a\u0000");
    entry("text.txt", "text");

    assertThat(ArchiveDocuments.read(archive(), ".txt")).containsExactly("text");
  }

  @Test
  void refusesAnEntryThatUnpacksBeyondItsLimit() throws IOException {
    entries.put("bomb.txt", " ".repeat((8 << 20) + 1).getBytes(StandardCharsets.UTF_8));

    Path archive = archive();
    assertThatThrownBy(() -> ArchiveDocuments.read(archive, ".txt"))
        .isInstanceOf(InvalidCorpusException.class)
        .hasMessage("bomb.txt: the entry has more than 8388608 bytes");
  }

  @Test
  void namesAnArchiveThatIsNone() throws IOException {
    Path file = Files.writeString(directory.resolve("archive.zip"), "no zip");

    assertThatThrownBy(() -> ArchiveDocuments.read(file, ".txt"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("archive.zip");
  }

  private void entry(String name, String text) {
    entries.put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private Path archive() throws IOException {
    Path archive = directory.resolve("archive.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return archive;
  }
}
