// What the files at the top of a project say of it: how it is built and tested, its licence, documents
// and purpose. Only what is really found. Any thread.
#pragma once

#include "app/demo_agent/analysis/repository.h"

namespace muster::demo {

struct BuildSystem {
    QString name;      // "CMake", "npm" …
    QString file;      // where it was seen
    QStringList build; // commands
    QStringList test;  // commands
};

struct Project {
    QString title;   // the README's heading or the folder's name
    QString purpose; // first sentences of the README or the package's description; may be empty
    QString
        licence; // "MIT", …; "unknown (LICENSE)" if there is a file that was not recognised; empty if none
    QString licenceFile;
    QString readme;
    QStringList docs; // paths of documents, the README first
    QStringList ci;   // files that tell a server what to run
    std::vector<BuildSystem> builds;
};

[[nodiscard]] Project readProject(const Repository &repository);
// The first sentences of a README's text that say what the thing is; empty if there are none.
[[nodiscard]] QString readmePurpose(const QString &text);
// The first heading.
[[nodiscard]] QString readmeTitle(const QString &text);

} // namespace muster::demo
