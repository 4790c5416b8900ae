// WorkspaceBounds: where a path leads that an agent names: into the workspace, out of it, to something that
// holds secrets or that runs by itself. All symbolic links and ".." are followed as the system would. Reads
// the disk, changes nothing; what is found may be swapped right after, so whoever opens a file checks again
// (workspace_files.h, the sandbox). Any thread.
#pragma once

#include <QString>
#include <QStringList>

namespace muster {

enum class PathPlace : std::uint8_t {
    Inside,
    Outside,
    Sensitive, // inside, and holds secrets by its name
    Protected, // inside, and decides what runs later: .git, hooks, .muster, …
    Unclear,   // cannot be told
};

struct FoundPath {
    PathPlace place = PathPlace::Unclear;
    QString absolute; // links followed; empty if unclear
    QString relative; // to the workspace, empty for itself and outside
};

class WorkspaceBounds {
public:
    explicit WorkspaceBounds(const QString &root); // absolute; empty or missing: everything is unclear

    [[nodiscard]] const QString &root() const { return m_root; }
    [[nodiscard]] FoundPath find(const QString &path) const { return find(path, m_root); }
    // Seen from this folder, which is absolute and without links.
    [[nodiscard]] FoundPath find(const QString &path, const QString &from) const;

    // Every part of an argument that a program could take for a path: "--file=x", "-fx", "if=x", "a:b".
    [[nodiscard]] static QStringList pathsIn(const QString &argument);

private:
    QString m_root;
};

[[nodiscard]] bool isProtectedPath(const QString &relative);

} // namespace muster
