// FlowInputsForm: one control for each input that a flow declares, with its default and its help. GUI thread.
#pragma once

#include "core/node/api/values.h"

#include <QWidget>

class QLabel;

namespace muster {

class FlowInputsForm final : public QWidget {
    Q_OBJECT

public:
    explicit FlowInputsForm(QWidget *parent = nullptr);

    void setInputs(const std::vector<api::FlowInput> &inputs);
    // What was given before, by name; others stay as they are.
    void setValues(const QJsonObject &values);
    // What differs from nothing given; the node gives texts their type and says what does not fit.
    [[nodiscard]] QJsonObject values() const;
    // Names of required inputs that have no value yet.
    [[nodiscard]] QStringList missing() const;
    // Names of number inputs whose text is none.
    [[nodiscard]] QStringList notNumbers() const;
    // To line the controls up with those of another form.
    [[nodiscard]] QList<QLabel *> labels() const;
    // Its fields are others with each flow: in the order of the Tab key they come after `before`.
    void followInTabOrder(QWidget *before);

signals:
    void edited();

private:
    [[nodiscard]] QWidget *controlFor(const api::FlowInput &input);

    struct Field {
        api::FlowInput input;
        QWidget *control = nullptr;
        QLabel *label = nullptr;
    };

    QWidget *m_fields = nullptr;
    std::vector<Field> m_list;
};

} // namespace muster
