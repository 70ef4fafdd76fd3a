// Image files to and from pixels, and resampling, over OpenCV: what the managed MLImage needs and no more.
// Pixels are four bytes each, rows without padding. Every entry returns 0 for success and catches OpenCV's exceptions:
// none may cross into managed code.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace
{
    constexpr int Ok = 0;
    constexpr int Failed = 1;

    enum Interpolation { Nearest = 0, Smooth = 1 };

    uint8_t* copy(const uint8_t* source, size_t length)
    {
        auto* target = static_cast<uint8_t*>(std::malloc(length));
        if (target != nullptr)
            std::memcpy(target, source, length);
        return target;
    }

    // Colours are stored multiplied by their alpha, as the drawing library behind the real MLImage stores them.
    void premultiply(cv::Mat& bgra)
    {
        bgra.forEach<cv::Vec4b>([](cv::Vec4b& pixel, const int*) {
            int alpha = pixel[3];
            if (alpha == 255)
                return;
            for (int channel = 0; channel < 3; channel++)
                pixel[channel] = static_cast<uint8_t>((pixel[channel] * alpha + 127) / 255);
        });
    }

    void unpremultiply(cv::Mat& bgra)
    {
        bgra.forEach<cv::Vec4b>([](cv::Vec4b& pixel, const int*) {
            int alpha = pixel[3];
            if (alpha == 255 || alpha == 0)
                return;
            for (int channel = 0; channel < 3; channel++)
                pixel[channel] = cv::saturate_cast<uint8_t>((pixel[channel] * 255 + alpha / 2) / alpha);
        });
    }
}

EXPORT void spatial_image_free(uint8_t* buffer)
{
    std::free(buffer);
}

// Decodes a whole file held in memory into BGRA; the caller frees *pixels.
EXPORT int spatial_image_decode(const uint8_t* file, int64_t length, uint8_t** pixels, int* width, int* height)
{
    *pixels = nullptr;
    try
    {
        if (length <= 0 || length > INT32_MAX)
            return Failed;
        cv::Mat raw(1, static_cast<int>(length), CV_8UC1, const_cast<uint8_t*>(file));
        cv::Mat image = cv::imdecode(raw, cv::IMREAD_UNCHANGED);
        if (image.empty())
            return Failed;
        if (image.depth() == CV_16U)
            image.convertTo(image, CV_8U, 1.0 / 257);
        if (image.depth() != CV_8U)
            return Failed;

        cv::Mat bgra;
        switch (image.channels())
        {
            case 1: cv::cvtColor(image, bgra, cv::COLOR_GRAY2BGRA); break;
            case 3: cv::cvtColor(image, bgra, cv::COLOR_BGR2BGRA); break;
            case 4: bgra = image; premultiply(bgra); break;
            default: return Failed;
        }
        if (!bgra.isContinuous())
            bgra = bgra.clone();
        *width = bgra.cols;
        *height = bgra.rows;
        *pixels = copy(bgra.data, bgra.total() * 4);
        return *pixels == nullptr ? Failed : Ok;
    }
    catch (...)
    {
        return Failed;
    }
}

// Encodes BGRA (or RGBA) pixels as a file of the kind its extension names (".png", ".jpg", ".webp"); the caller frees *file.
EXPORT int spatial_image_encode(const char* extension, const uint8_t* pixels, int width, int height, int is_rgba,
                                int quality, uint8_t** file, int64_t* length)
{
    *file = nullptr;
    try
    {
        cv::Mat source(height, width, CV_8UC4, const_cast<uint8_t*>(pixels));
        cv::Mat bgra;
        if (is_rgba)
            cv::cvtColor(source, bgra, cv::COLOR_RGBA2BGRA);
        else
            bgra = source.clone();

        bool is_jpeg = std::strcmp(extension, ".jpg") == 0 || std::strcmp(extension, ".jpeg") == 0;
        if (is_jpeg)
            cv::cvtColor(bgra, bgra, cv::COLOR_BGRA2BGR);
        else
            unpremultiply(bgra);

        std::vector<int> settings;
        if (is_jpeg)
            settings = { cv::IMWRITE_JPEG_QUALITY, quality };
        else if (std::strcmp(extension, ".webp") == 0)
            settings = { cv::IMWRITE_WEBP_QUALITY, quality };

        std::vector<uint8_t> encoded;
        if (!cv::imencode(extension, bgra, encoded, settings))
            return Failed;
        *length = static_cast<int64_t>(encoded.size());
        *file = copy(encoded.data(), encoded.size());
        return *file == nullptr ? Failed : Ok;
    }
    catch (...)
    {
        return Failed;
    }
}

// Resamples source to the size of target; the channel order does not matter.
EXPORT int spatial_image_resize(const uint8_t* source, int source_width, int source_height,
                                uint8_t* target, int target_width, int target_height, int interpolation)
{
    try
    {
        cv::Mat from(source_height, source_width, CV_8UC4, const_cast<uint8_t*>(source));
        cv::Mat to(target_height, target_width, CV_8UC4, target);
        bool shrinks = target_width < source_width || target_height < source_height;
        int method = interpolation == Nearest ? cv::INTER_NEAREST_EXACT : shrinks ? cv::INTER_AREA : cv::INTER_CUBIC;
        cv::resize(from, to, to.size(), 0, 0, method);
        return to.data == target ? Ok : Failed;
    }
    catch (...)
    {
        return Failed;
    }
}
