"use strict";
/** The parameters of an explainer as a form, made from its declaration. The server's model checks the values. */
class Form {
  static LOGARITHMIC = 500; // bounds so many times apart call for a slider that goes by ratio
  static WIDEST = 1e5; // wider ranges, as of seeds, are typed, not slid over

  /**
   * @param {HTMLFormElement} root
   * @param {(values: object) => void} changed is given what differs from the defaults
   */
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    this.fields = new Map();
    this.declared = "";
    root.addEventListener("submit", (event) => event.preventDefault());
  }

  /** Show these parameters; fields that are there already keep the reader's place. */
  show(parameters) {
    const declared = JSON.stringify(parameters.map(({ value, ...declaration }) => declaration));
    if (declared !== this.declared) {
      this.declared = declared;
      this.fields = new Map(parameters.map((each) => [each.name, this.#field(each)]));
      this.root.replaceChildren(...[...this.fields.values()].map((field) => field.root));
    }
    for (const { name, value } of parameters) {
      const field = this.fields.get(name);
      field.problem.hidden = true;
      field.root.classList.remove("is-wrong");
      if (!field.root.contains(document.activeElement) || JSON.stringify(field.get()) === JSON.stringify(value)) field.set(value);
    }
  }

  /** Say what is wrong, each at its field; returns what belongs to no field. */
  refuse(problems) {
    const rest = [];
    for (const [name, message] of problems) {
      const field = this.fields.get(name);
      if (!field) {
        rest.push(message);
        continue;
      }
      field.problem.textContent = message;
      field.problem.hidden = false;
      field.root.classList.add("is-wrong");
    }
    return rest;
  }

  reset() {
    for (const field of this.fields.values()) field.set(field.initial);
    this.changed({});
  }

  #tell() {
    const values = {};
    for (const [name, field] of this.fields) {
      const value = field.get();
      if (JSON.stringify(value) !== JSON.stringify(field.initial)) values[name] = value;
    }
    this.changed(values);
  }

  #field(parameter) {
    const { name, description, unit, allowed, schema } = parameter;
    const root = make("div", { className: "field" });
    const id = `parameter-${name}`;
    const words = description.replace(/\.$/, "");
    const label = make("label", { htmlFor: id }, name.replaceAll("_", " "));
    if (unit) label.append(" ", make("small", {}, unit));
    const help = make("p", { className: "help", id: `${id}-help` }, `${words} (${allowed})`);
    const problem = make("p", { className: "problem", hidden: true });
    const { inputs, get, set } = this.#inputs(id, schema, parameter.default, label.textContent);
    inputs.setAttribute("aria-describedby", help.id);
    inputs.addEventListener("change", () => this.#tell());
    root.append(label, inputs, help, problem);
    return { root, get, set, problem, initial: parameter.default };
  }

  /** The control for a JSON schema: its element, and how to read and write its value. */
  #inputs(id, schema, initial, name) {
    if (schema.enum) return this.#choice(id, schema.enum);
    if (schema.type === "boolean") return this.#switch(id);
    if (schema.type === "number" || schema.type === "integer") return this.#number(id, schema, name);
    if (schema.prefixItems && Array.isArray(initial)) {
      const rows = schema.prefixItems;
      if (rows.every((row) => isNumber(row))) return this.#grid(id, [initial], true, name);
      if (rows.every((row) => row.prefixItems?.every(isNumber))) return this.#grid(id, initial, false, name);
    }
    return this.#text(id, schema);
  }

  #choice(id, choices) {
    const inputs = make("select", { id });
    inputs.append(...choices.map((choice) => make("option", { value: choice }, String(choice))));
    return { inputs, get: () => choices[inputs.selectedIndex], set: (value) => (inputs.value = value) };
  }

  #switch(id) {
    const box = make("input", { id, type: "checkbox" });
    return { inputs: box, get: () => box.checked, set: (value) => (box.checked = value) };
  }

  #number(id, schema, name) {
    const { minimum, maximum, type } = schema;
    const box = make("input", { id, type: "text", inputMode: "decimal", className: "number", autocomplete: "off" });
    const inputs = make("div", { className: "slider" });
    inputs.append(box);
    const read = () => number(box.value);
    const isWhole = type === "integer";
    if (minimum === undefined || maximum === undefined || maximum - minimum > Form.WIDEST) {
      return { inputs, get: read, set: (value) => (box.value = String(value)) };
    }
    const isRatio = minimum > 0 && maximum / minimum >= Form.LOGARITHMIC;
    const [low, high] = isRatio ? [Math.log(minimum), Math.log(maximum)] : [minimum, maximum];
    const slider = make("input", { type: "range", min: 0, max: 1, step: "any" });
    slider.setAttribute("aria-label", name);
    const place = () => {
      const value = read();
      if (typeof value !== "number") return;
      slider.value = ((isRatio ? Math.log(Math.max(value, minimum)) : value) - low) / (high - low);
      slider.style.setProperty("--share", slider.value);
    };
    slider.addEventListener("input", () => {
      const raw = low + Number(slider.value) * (high - low);
      const exact = isRatio ? Math.exp(raw) : raw;
      box.value = String(isWhole ? Math.round(exact) : tidy(exact, isRatio ? exact : high - low));
      slider.style.setProperty("--share", slider.value);
    });
    slider.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      const step = isWhole ? 1 : (high - low) / 100;
      const raw = isRatio ? Math.exp(Math.log(read()) + by * step) : read() + by * step;
      box.value = String(isWhole ? Math.min(Math.max(raw, minimum), maximum) : tidy(Math.min(Math.max(raw, minimum), maximum), isRatio ? raw : high - low));
      place();
      slider.dispatchEvent(new Event("change", { bubbles: true }));
    });
    box.addEventListener("input", place);
    inputs.prepend(slider);
    return { inputs, get: read, set: (value) => ((box.value = String(value)), place()) };
  }

  #grid(id, rows, isFlat, name) {
    const inputs = make("div", { className: isFlat ? "grid is-row" : "grid" });
    inputs.style.gridTemplateColumns = `repeat(${rows[0].length}, 1fr)`;
    const boxes = rows.map((row, r) =>
      row.map((_, c) => {
        const box = make("input", { type: "text", inputMode: "decimal", className: "number", autocomplete: "off" });
        box.id = r + c === 0 ? id : `${id}-${r}-${c}`;
        box.setAttribute("aria-label", isFlat ? `${name}, number ${c + 1}` : `${name}, row ${r + 1}, column ${c + 1}`);
        inputs.append(box);
        return box;
      }),
    );
    return {
      inputs,
      get: () => {
        const read = boxes.map((row) => row.map((box) => number(box.value)));
        return isFlat ? read[0] : read;
      },
      set: (value) => (isFlat ? [value] : value).forEach((row, r) => row.forEach((entry, c) => (boxes[r][c].value = String(entry)))),
    };
  }

  /** Anything else: lists as their entries, the rest as JSON. */
  #text(id, schema) {
    const box = make("input", { id, type: "text", autocomplete: "off", spellcheck: false });
    const kinds = [schema, ...(schema.anyOf ?? [])];
    const isWords = kinds.some((kind) => kind.type === "array" && kind.items?.type === "string");
    const isFlat = kinds.some((kind) => kind.type === "array" && (isNumber(kind.items ?? {}) || kind.items?.enum));
    const hasNull = kinds.some((kind) => kind.type === "null");
    return {
      inputs: box,
      get: () => {
        const text = box.value.trim();
        if (text === "" && hasNull) return null;
        if (isWords || (isFlat && !text.startsWith("["))) {
          const words = text.split(isWords ? /\s+/ : /[\s,]+/).filter(Boolean);
          return isWords ? words : words.map(number);
        }
        try {
          return JSON.parse(text);
        } catch {
          return text;
        }
      },
      set: (value) => {
        if (value === null) box.value = "";
        else if (isWords) box.value = [].concat(value).join(" ");
        else if (isFlat && Array.isArray(value)) box.value = value.join(", ");
        else box.value = JSON.stringify(value);
      },
    };
  }
}

/** A number where it is one; else the text, for the model to refuse in its own words. */
function number(text) {
  const value = Number(text.trim().replace("−", "-"));
  return text.trim() === "" || Number.isNaN(value) ? text.trim() : value;
}

function isNumber(schema) {
  return schema.type === "number" || schema.type === "integer";
}

/** A value that a slider of this range can mean: three digits of the range. */
function tidy(value, range) {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(range) || 1)));
  return Number(value.toFixed(Math.min(digits, 12)));
}

/** An element with properties and text. */
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
