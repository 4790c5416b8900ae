// Reads layers.txt and checks every #include of a source tree against it: direction between folders, Qt
// modules, other libraries, and no circles. Pure but for reading files; one thread.
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <expected>
#include <optional>

namespace muster::architecture {

struct Layer {
    QString folder;
    QStringList ours; // folders, or single headers
    QStringList qtModules;
    QStringList libraries;
};

struct Include {
    int line = 0; // from 1
    QString path; // as written
    bool quoted = false;
};

class LayerRules {
public:
    // The text of layers.txt; the error is a sentence with its line.
    [[nodiscard]] static std::expected<LayerRules, QString> parse(const QString &text);

    // "file:line: what is wrong" for each wrong include below root. qtHeaders is Qt's include folder, the one
    // with QtCore/ in it: a header belongs to the module in whose folder it lies.
    [[nodiscard]] QStringList check(const QString &root, const QString &qtHeaders) const;

    // A circle among the folders of the table, as "a -> b -> a"; empty if there is none.
    [[nodiscard]] QString circle() const;

    [[nodiscard]] const Layer *layerOf(const QString &file) const;
    [[nodiscard]] const QList<Layer> &layers() const { return m_layers; }

private:
    [[nodiscard]] QString checkOurs(const Layer &layer, const QString &root, const Include &include) const;

    QList<Layer> m_layers;
};

[[nodiscard]] QList<Include> includesOf(const QString &source);

} // namespace muster::architecture
