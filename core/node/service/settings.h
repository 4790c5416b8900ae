// The node's settings: what there is, what is allowed, what it is set to and by whom. Values are in the
// store; an environment variable MUSTER_<KEY> (dots as underscores) wins. Core thread.
#pragma once

#include "core/base/result.h"
#include "core/node/api/values.h"

#include <QHash>
#include <QJsonValue>
#include <QMap>

#include <vector>

namespace muster {

struct SettingSpec {
    QString key;
    QJsonValue defaultValue;
    QStringList choices;   // of a text; empty: any
    bool isList = false;   // a text that names some of the choices, between commas
    double lowest = 0;     // of a number
    double highest = 0;    // 0 with lowest 0: no range
    const char *help = ""; // English source text, translated where it is shown
};

class Settings {
public:
    Settings();

    // What is known only when the node opens: a text setting takes one of these, or some. An unknown key is
    // ignored.
    void setChoices(const QString &key, const QStringList &choices);
    void load(const QMap<QString, QJsonValue> &stored) { m_stored = stored; }
    void set(const QString &key, const QJsonValue &value); // null: back to the default

    // InvalidArgument: the detail is the range that is allowed. NotFound: no such key. Text is read as what
    // the key holds ("4", "true"), as a command line gives it.
    [[nodiscard]] Result<QJsonValue> checked(const QString &key, const QJsonValue &value) const;
    [[nodiscard]] QJsonValue value(const QString &key) const;
    [[nodiscard]] int number(const QString &key) const { return value(key).toInt(); }
    [[nodiscard]] QString text(const QString &key) const { return value(key).toString(); }
    [[nodiscard]] QJsonValue defaultOf(const QString &key) const; // null: there is no such setting
    [[nodiscard]] bool isFixed(const QString &key) const;         // by the environment
    // `project`: what a project says instead, by key.
    [[nodiscard]] std::vector<api::SettingInfo> list(const QMap<QString, QJsonValue> &project = {}) const;

private:
    [[nodiscard]] const SettingSpec *find(const QString &key) const;
    [[nodiscard]] std::optional<QJsonValue> fromEnvironment(const SettingSpec &spec) const;

    std::vector<SettingSpec> m_specs;
    QMap<QString, QJsonValue> m_stored;
};

} // namespace muster
