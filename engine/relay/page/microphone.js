/** Why nothing can be recorded; its message is for the customer. */
export class NoMicrophone extends Error {}

const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const BITS = 32_000;
const SOUND = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };

const REASONS = {
  NotAllowedError: "没有麦克风权限，请在浏览器设置里允许，或发送语音文件",
  NotFoundError: "没有找到麦克风，可以发送语音文件",
  NotReadableError: "麦克风正被别的程序使用，请关闭它再试",
};
const UNSAFE = "这个地址不能录音（需要 https 或本机地址），可以发送语音文件";
const UNABLE = "这个浏览器不能录音，可以发送语音文件";

/** A recording under way. */
export class Recording {
  #stream;
  #recorder;
  #pieces = [];
  #stopped;
  #meter;
  #began = performance.now();

  /** Open the microphone, which may ask the customer first. Throws `NoMicrophone`. */
  static async begin() {
    if (!navigator.mediaDevices) throw new NoMicrophone(UNSAFE);
    if (!window.MediaRecorder) throw new NoMicrophone(UNABLE);
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: SOUND });
      return new Recording(stream);
    } catch ({ name }) {
      stream?.getTracks().forEach((track) => track.stop());
      throw new NoMicrophone(REASONS[name] ?? UNABLE);
    }
  }

  constructor(stream) {
    this.#stream = stream;
    this.#meter = new Meter(stream);
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    this.#recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS });
    this.#recorder.addEventListener("dataavailable", ({ data }) => this.#pieces.push(data));
    this.#stopped = new Promise((resolve) => this.#recorder.addEventListener("stop", resolve));
    this.#recorder.start();
  }

  /** How long it has been going on. */
  get seconds() {
    return (performance.now() - this.#began) / 1000;
  }

  /** How loud it is now, from 0 to 1. */
  get level() {
    return this.#meter.level;
  }

  /** End it; gives the file. */
  async end() {
    this.cancel();
    await this.#stopped;
    return new Blob(this.#pieces, { type: this.#recorder.mimeType });
  }

  /** End it for nothing. */
  cancel() {
    // A microphone that was pulled out has stopped it already.
    if (this.#recorder.state !== "inactive") this.#recorder.stop();
    this.#stream.getTracks().forEach((track) => track.stop());
    this.#meter.close();
  }
}

const QUIET = -55;
const LOUD = -12;

class Meter {
  #context = new AudioContext();
  #analyser = this.#context.createAnalyser();
  #samples = new Float32Array(1024);

  constructor(stream) {
    this.#analyser.fftSize = this.#samples.length;
    this.#context.createMediaStreamSource(stream).connect(this.#analyser);
    // Safari begins with a pause when the customer's press has been waited after.
    this.#context.resume();
  }

  get level() {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const power = this.#samples.reduce((sum, sample) => sum + sample * sample, 0) / this.#samples.length;
    const decibels = 10 * Math.log10(power || 1e-9);
    return Math.min(1, Math.max(0, (decibels - QUIET) / (LOUD - QUIET)));
  }

  close() {
    this.#context.close();
  }
}
