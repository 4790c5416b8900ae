// Documents that an agent is given: files of text below the folder that it works in or that of the project,
// read when an attempt begins.
// Reads files: not on the core thread.
#pragma once

#include "core/base/result.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace muster {

inline constexpr qint64 kMostDocumentBytes = 256LL * 1024;
inline constexpr qint64 kMostDocumentsBytes = 1024LL * 1024; // of one attempt

struct Document {
    QString path; // relative to the folder
    QString text;
};

// NotFound; PermissionDenied: it leads out of the folder, or holds secrets by its name; TooLarge;
// InvalidArgument: not text. `where` is the path.
[[nodiscard]] Result<Document> readDocument(const QString &folder, const QString &path);
// Each from the first of the folders that has it.
[[nodiscard]] Result<std::vector<Document>> readDocuments(const QStringList &folders,
                                                          const QStringList &paths);

// As a failure's detail: "document CODE PATH".
[[nodiscard]] QString documentDetail(const Error &error);

// As the agent reads it: between two lines that name it and that its own text cannot hold.
[[nodiscard]] QString fencedDocument(const Document &document);

} // namespace muster
